// Breaks memory, arithmetic or order as its argument says.
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

static int total;

__attribute__((noinline)) int *card(int n) { return new int[n](); }

__attribute__((noinline)) void charge(int *c, int i) { c[i] += 100; }

__attribute__((noinline)) int descend(int n) {
    volatile char way[4096];
    way[0] = n;
    return descend(n + 1) + way[0];
}

int main(int argc, char **argv) {
    const std::string name = argv[1];
    int *c = card(4);
    if (name == "overflow") charge(c, 4);
    if (name == "after_free") {
        delete[] c;
        charge(c, 1);
        return 0;
    }
    if (name == "double_free") {
        delete[] c;
    }
    if (name == "leak") {
        card(10);
    }
    if (name == "recursion") return descend(argc);
    if (name == "thread") {
        std::thread t([&] { charge(c, -100000000); });
        t.join();
    }
    if (name == "race") {
        auto count = [] { for (int i = 0; i < 1000; i++) total++; };
        std::thread a(count), b(count);
        a.join();
        b.join();
    }
    if (name == "arithmetic") {
        int big = 2147483647;
        big += argc;
        total = big << (argc + 30) >> (argc + 40);
        int none[3] = {1, 2, 3};
        total += none[argc + 1];
    }
    delete[] c;
}
