// Package loopback is a Sentry-like receiver for tests: it takes envelopes on a
// loopback address, checks every byte of their framing as the strictest known
// server does, and keeps the events. It is linked by tests only.
package loopback
