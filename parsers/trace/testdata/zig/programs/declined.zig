const std = @import("std");
const Wallet = struct {
    balance: u64,
    fn find(id: u32) !Wallet {
        if (id > 400) return error.WalletMissing;
        return .{ .balance = 10 };
    }
    fn charge(self: *Wallet, amount: u64) !void {
        if (amount > self.balance) return error.Declined;
        self.balance -= amount;
    }
};
fn pay(id: u32, amount: u64) !void {
    var w = try Wallet.find(id);
    w.charge(amount) catch |e| {
        std.log.err("charging wallet {d} failed: {s}", .{ id, @errorName(e) });
        return e;
    };
}
pub fn main() !void {
    std.debug.print("batch 77 start\n", .{});
    try pay(7, 51);
}
