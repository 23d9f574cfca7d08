package wallet

import (
	stderrors "errors"
	"fmt"

	"github.com/pkg/errors"
)

var ErrShort = errors.New("short of funds")

type Code int
type Refused struct{ Why string }

func (r Refused) Error() string { return "refused: " + r.Why }

type Plain struct{ A, B int }
type Name string

type Box[T any] struct{ v T }

func (b *Box[T]) Do(f func(T)) { func() { f(b.v) }() }

func Debit(id string) error    { return errors.Wrap(ErrShort, "debit "+id) }
func Charge(id string) error   { return errors.WithMessage(Debit(id), "charge") }
func New() error               { return errors.New("fresh failure") }
func Std() error               { return fmt.Errorf("outer: %w", stderrors.New("inner")) }
func Index(a []int, i int) int { return a[i] }
