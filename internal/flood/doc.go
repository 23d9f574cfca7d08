// Package flood decides which events are not worth anybody's night: kinds of
// exceptions that a program raises on purpose when it is told to stop. It
// sees events before they are masked, keeps nothing of them, and counts
// what it drops.
package flood
