// Crashes as its argument says.
import Foundation

enum PaymentError: Error {
    case declined(order: Int, reason: String)
}

@inline(never) func charge(_ amount: Int) throws -> Int {
    if amount < 0 { throw PaymentError.declined(order: 77, reason: "amount \(amount) is below zero") }
    return 100 / amount
}

@inline(never) func descend(_ n: Int) -> Int {
    return n == 0 ? try! charge(-1) : 1 + descend(n - 1)
}

@inline(never) func owner(_ names: [Int: String], _ id: Int) -> String {
    return names[id]!
}

switch CommandLine.arguments[1] {
case "uncaught": print(try charge(-3))
case "chained": print(try! charge(-1))
case "multiline": fatalError("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header")
case "recursion": print(descend(9))
case "unwrap": print(owner([:], 7))
case "logged":
    do { print(try charge(-4)) } catch { NSLog("ERROR order 77 was lost: %@", "\(error)") }
    NSLog("WARN one more order waits")
default: break
}
