(foo 1)
