const std = @import("std");
fn kind(n: u8) u8 {
    return switch (n) {
        1 => 2,
        else => unreachable,
    };
}
fn book(n: u8) u8 {
    const k = kind(n);
    return k + 1;
}
pub fn main() void {
    var n: u8 = 9;
    _ = &n;
    std.debug.print("kind {d}\n", .{book(n)});
}
