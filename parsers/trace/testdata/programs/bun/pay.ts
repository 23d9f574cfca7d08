// Crashes as its argument says.
class PaymentError extends Error {
  override name = "PaymentError";
}

interface Card {
  owner?: { name: string };
}

function charge(amount: number, card: Card = {}): number {
  if (amount < 0) throw new RangeError(`amount ${amount} is below zero`);
  return amount / card.owner!.name.length;
}

function pay(amount: number): number {
  try {
    return charge(amount);
  } catch (cause) {
    throw new PaymentError("card was not charged", { cause });
  }
}

function descend(n: number): number {
  return descend(n + 1) + 1;
}

const cases: Record<string, () => unknown> = {
  uncaught: () => charge(-3),
  chained: () => pay(0),
  multiline: () => {
    throw new PaymentError("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header");
  },
  recursion: () => descend(0),
  rejection: () => Promise.any([Promise.reject(new TypeError("no card")), Promise.reject(new PaymentError("no money"))]),
  logged: () => {
    try {
      pay(0);
    } catch (e) {
      console.error("order 77 was lost:", e);
    }
    console.error("one more order waits");
  },
};

cases[process.argv[2]]();
