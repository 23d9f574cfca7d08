// Crashes as its argument says.
const { Worker, isMainThread, workerData } = require('node:worker_threads');

class PaymentError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'PaymentError';
    this.code = 'E_CARD';
  }
}

function charge(amount) {
  if (amount < 0) throw new RangeError(`amount ${amount} is below zero`);
  return amount.card.number;
}

function pay(amount) {
  try {
    charge(amount);
  } catch (e) {
    throw new PaymentError('card was not charged', { cause: e });
  }
}

const cases = {
  uncaught: () => charge(-3),
  chained: () => pay(0),
  multiline: () => {
    throw new PaymentError('three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header');
  },
  recursion: () => {
    const descend = (n) => descend(n + 1) + 1;
    descend(0);
  },
  thread: () => new Worker(__filename, { argv: ['thread'], workerData: -1 }),
  logged: () => {
    try {
      pay(0);
    } catch (e) {
      console.error('order %d was lost', 77, e);
    }
    console.error('one more order waits');
  },
  rejection: async () => {
    await Promise.any([Promise.reject(new TypeError('no card')), Promise.reject(new PaymentError('no money'))]);
  },
};

if (isMainThread) cases[process.argv[2]]();
else pay(workerData);
