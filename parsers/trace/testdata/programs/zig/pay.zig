// Crashes as its argument says.
const std = @import("std");

const PaymentError = error{ CardDeclined, BelowZero };

fn charge(amount: i32) PaymentError!i32 {
    if (amount < 0) return error.BelowZero;
    if (amount == 0) return error.CardDeclined;
    return @divTrunc(100, amount);
}

fn pay(amount: i32) !i32 {
    return charge(amount) catch |err| switch (err) {
        error.BelowZero => error.NotPaid,
        else => err,
    };
}

fn descend(n: usize, limit: []const usize) usize {
    if (n == 12) return limit[n];
    return 1 + descend(n + 1, limit);
}

fn worker() void {
    _ = charge(-1) catch unreachable;
}

pub fn main() !void {
    var args = std.process.args();
    _ = args.skip();
    const name = args.next() orelse return error.NoCase;
    if (std.mem.eql(u8, name, "uncaught")) _ = try charge(0);
    if (std.mem.eql(u8, name, "chained")) _ = try pay(-1);
    if (std.mem.eql(u8, name, "multiline")) @panic("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header");
    if (std.mem.eql(u8, name, "recursion")) _ = descend(0, &[_]usize{ 1, 2, 3 });
    if (std.mem.eql(u8, name, "thread")) {
        const t = try std.Thread.spawn(.{}, worker, .{});
        t.join();
    }
    if (std.mem.eql(u8, name, "logged")) {
        _ = pay(0) catch |err| {
            std.log.err("order {d} was lost: {s}", .{ 77, @errorName(err) });
            if (@errorReturnTrace()) |trace| std.debug.dumpStackTrace(trace.*);
        };
        std.log.warn("one more order waits", .{});
    }
}
