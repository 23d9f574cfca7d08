@main struct App {
    static func level(_ n: Int) async -> Int {
        if n == 5 { let p = UnsafeMutablePointer<Int>(bitPattern: 4)!; p.pointee = 42; return 0 }
        return await level(n + 1)
    }
    static func main() async { print(await level(1)) }
}
