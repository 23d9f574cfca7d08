const std = @import("std");
fn inner() !u8 {
    return error.Refused;
}
fn outer() !u8 {
    return try inner();
}
pub fn main() void {
    std.debug.print("start\n", .{});
    _ = outer() catch |e| {
        std.log.err("settling batch 77 failed: {s}", .{@errorName(e)});
        if (@errorReturnTrace()) |t| std.debug.dumpStackTrace(t.*);
    };
    std.log.info("batch 77 goes on", .{});
    std.log.scoped(.pay).warn("slow", .{});
    std.log.scoped(.pay).err("lost connection", .{});
}
