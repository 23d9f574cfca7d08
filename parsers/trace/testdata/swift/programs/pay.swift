import Foundation

enum LedgerError: Error { case declined(wallet: String, amount: Int), closed }
struct Missing: LocalizedError { let id: String; var errorDescription: String? { "wallet \(id) is missing" } }

final class Wallet {
    var book: [String: Int] = ["w-1": 10]
    unowned(unsafe) var owner: Wallet?
    func charge(_ n: Int) throws -> Int {
        if n > 50 { throw LedgerError.declined(wallet: "w-7", amount: n) }
        return n
    }
    func find(_ k: String) -> Int { return book[k]! }
    func at(_ i: Int) -> Int { let a = [1, 2, 3]; return a[i] }
}
func settle<T>(_ w: Wallet, _ f: (Wallet) -> T) -> T { f(w) }
func deep(_ n: Int) -> Int { n == 0 ? Wallet().at(7) : deep(n - 1) + 1 }
func forever(_ n: Int) -> Int { forever(n + 1) + 1 }

@inline(never) func run(_ mode: String) throws {
    let w = Wallet()
    switch mode {
    case "fatal": fatalError("ledger is closed: sum=3")
    case "fatalempty": fatalError()
    case "multi": fatalError("first line\nsecond line\n\nfourth")
    case "precondition": precondition(CommandLine.arguments.count > 5, "too few arguments")
    case "preconditionempty": precondition(CommandLine.arguments.count > 5)
    case "assert": assert(CommandLine.arguments.count > 5, "sums differ")
    case "assertfail": assertionFailure("not reached")
    case "unwrap": print(settle(w) { $0.find("w-404") })
    case "index": print(w.at(7))
    case "overflow": print(Int8(CommandLine.arguments.count) &+ 100, Int8(120) + Int8(CommandLine.arguments.count * 10))
    case "throw": _ = try w.charge(51)
    case "trybang": _ = try! w.charge(51)
    case "missing": throw Missing(id: "w-404")
    case "cast": let a: Any = mode; print(a as! Int)
    case "segv": UnsafeMutablePointer<Int>(bitPattern: 8)!.pointee = 3
    case "deep": print(deep(12))
    case "stack": print(forever(1))
    case "thread":
        let t = Thread { print(w.at(9)) }
        t.name = "worker 3"; t.start(); Thread.sleep(forTimeInterval: 2)
    case "abort": abort()
    case "nserror": throw NSError(domain: "pay", code: 7, userInfo: [NSLocalizedDescriptionKey: "declined"])
    default: print("nothing")
    }
}
print("batch 77 start")
fflush(stdout)
try run(CommandLine.arguments[1])
