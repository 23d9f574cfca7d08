package main

import (
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/pkg/errors"
	"github.com/rs/zerolog"
	"github.com/rs/zerolog/pkgerrors"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
)

func boom(a []int) int { return a[5] }

func guard(f func(r any)) {
	defer func() {
		if r := recover(); r != nil {
			f(r)
		}
	}()
	boom(nil)
}

func settle() error { return errors.Wrap(errors.New("short of funds"), "settle w-1") }

func main() {
	slogt := slog.New(slog.NewTextHandler(os.Stderr, nil))
	guard(func(r any) { slogt.Error("panic in handler", "err", r, "stack", string(debug.Stack())) })
	slogt.Info("after")
	guard(func(r any) { logrus.WithField("stack", string(debug.Stack())).Errorf("recovered: %v", r) })
	zerolog.ErrorStackMarshaler = pkgerrors.MarshalStack
	z := zerolog.New(os.Stderr).With().Timestamp().Logger()
	z.Error().Stack().Err(settle()).Msg("settle failed")
	guard(func(r any) { z.Error().Interface("panic", r).Bytes("stack", debug.Stack()).Msg("recovered") })
	l, _ := zap.NewProduction()
	guard(func(r any) { l.Error("recovered", zap.Any("panic", r), zap.Stack("stack")) })
	l.Error("settle failed", zap.Error(settle()))
	slog.New(slog.NewJSONHandler(os.Stderr, nil)).Error("settle failed", "err", fmt.Sprintf("%+v", settle()))
	slogt.Error("settle failed", "err", fmt.Sprintf("%+v", settle()))
	fmt.Fprintf(os.Stderr, "error: %+v\n", settle())
}
