// A small web shop that fails on a real request and logs to a file of its own.
const fs = require('fs');
const express = require('express');

const log = fs.createWriteStream(process.argv[3], { flags: 'a' });
console.error = (...args) => log.write(require('util').format(...args) + '\n');

const app = express();

function charge(users, id) {
  return users[id].card;
}

app.get('/health', (req, res) => res.send('ok'));
app.post('/pay', (req, res) => {
  try {
    charge({}, req.query.user);
  } catch (cause) {
    throw new RangeError('charge failed, token=' + process.env.DEMO_SECRET, { cause });
  }
});
app.use((err, req, res, next) => {
  console.error('POST /pay failed', err);
  res.status(500).end();
});

app.listen(Number(process.argv[2]), '127.0.0.1');
