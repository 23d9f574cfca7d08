const std = @import("std");
fn at(items: []const u32, i: usize) u32 {
    return items[i];
}
fn Ledger(comptime T: type) type {
    return struct {
        items: []const T,
        fn sum(self: @This(), n: usize) T {
            var s: T = 0;
            for (0..n) |i| s += at(self.items, i);
            return s;
        }
    };
}
pub fn main() void {
    const l = Ledger(u32){ .items = &[_]u32{ 1, 2, 3 } };
    std.debug.print("sum {d}\n", .{l.sum(5)});
}
