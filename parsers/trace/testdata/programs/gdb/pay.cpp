// Crashes as its argument says, for a debugger to look at.
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>

namespace acme {

struct Card {
    std::string owner;
    int limit;
};

__attribute__((noinline)) int charge(const Card *card, int amount) { return card->limit / amount; }

__attribute__((noinline)) int descend(const Card *card, int n) {
    return n == 0 ? charge(card, 0) : 1 + descend(card, n - 1);
}

} // namespace acme

int main(int, char **argv) {
    const std::string name = argv[1];
    acme::Card card{"Ada", 100};
    if (name == "uncaught") throw std::runtime_error("card was not charged");
    if (name == "null") return acme::charge(nullptr, 3);
    if (name == "recursion") return acme::descend(&card, 6);
    if (name == "thread") std::thread([] { acme::charge(nullptr, -1); }).join();
}
