const std = @import("std");
fn work(n: usize) void {
    if (n == 2) @panic("worker 2: ledger\nis closed: sum=3");
}
pub fn main() !void {
    const t = try std.Thread.spawn(.{}, work, .{2});
    t.join();
}
