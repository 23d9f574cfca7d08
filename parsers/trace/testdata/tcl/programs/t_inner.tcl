g {multi
line {braces "q"} [x]}
