const std = @import("std");
fn read(p: *allowzero volatile u32) u32 {
    return p.*;
}
pub fn main() void {
    const p: *allowzero volatile u32 = @ptrFromInt(8);
    std.debug.print("{d}\n", .{read(p)});
}
