const std = @import("std");
const E = error{Refused};
fn inner() E!u8 {
    return error.Refused;
}
fn outer() E!u8 {
    return try inner();
}
pub fn main() void {
    const v = outer() catch unreachable;
    std.debug.print("{d}\n", .{v});
}
