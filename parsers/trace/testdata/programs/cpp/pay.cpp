// Crashes as its argument says.
#include <cassert>
#include <cstdlib>
#include <exception>
#include <execinfo.h>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace acme {

struct payment_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

int charge(int amount) {
    if (amount < 0) throw std::invalid_argument("amount " + std::to_string(amount) + " is below zero");
    assert(amount != 0 && "an amount is due");
    return 100 / amount;
}

void pay(int amount) {
    try {
        charge(amount);
    } catch (...) {
        std::throw_with_nested(payment_error("card was not charged"));
    }
}

void told(const std::exception &e, int depth) {
    std::cerr << std::string(depth, ' ') << (depth ? "caused by: " : "ERROR order 77 was lost: ") << e.what() << '\n';
    try {
        std::rethrow_if_nested(e);
    } catch (const std::exception &inner) {
        told(inner, depth + 2);
    }
}

void trace() {
    void *rows[32];
    backtrace_symbols_fd(rows, backtrace(rows, 32), STDERR_FILENO);
}

} // namespace acme

int main(int, char **argv) {
    const std::string name = argv[1];
    if (name == "uncaught") acme::charge(-3);
    if (name == "chained") acme::pay(-1);
    if (name == "assert") acme::charge(0);
    if (name == "multiline")
        throw acme::payment_error("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header");
    if (name == "thread") std::thread([] { acme::pay(-1); }).join();
    if (name == "bounds") return std::vector<int>{1, 2}.at(5);
    if (name == "free") {
        void *p = malloc(100);
        free(p);
        free(p);
    }
    if (name == "logged") {
        try {
            acme::pay(-1);
        } catch (const std::exception &e) {
            acme::told(e, 0);
            acme::trace();
        }
        std::cerr << "WARN one more order waits\n";
    }
}
