const std = @import("std");
fn deep(n: u64) u64 {
    if (n == 0) @panic("bottom");
    return deep(n - 1) + 1;
}
pub fn main() void {
    std.debug.print("{d}\n", .{deep(40)});
}
