package main

import (
	stderr "errors"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	chimw "github.com/go-chi/chi/v5/middleware"
	goerrors "github.com/go-errors/errors"
	"github.com/golang/glog"
	"github.com/hashicorp/go-hclog"
	"github.com/labstack/echo/v4"
	echomw "github.com/labstack/echo/v4/middleware"
	"github.com/pkg/errors"
	"github.com/rs/zerolog"
	"github.com/rs/zerolog/pkgerrors"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"golang.org/x/xerrors"
	"k8s.io/klog/v2"

	"surepay/probe/wallet"
)

func more(c string) {
	switch c {
	case "gin":
		gin.SetMode(gin.ReleaseMode)
		e := gin.Default()
		e.GET("/pay", func(c *gin.Context) { wallet.Index(nil, 4) })
		get(e)
	case "gindebug":
		e := gin.Default()
		e.GET("/pay", func(c *gin.Context) { panic("multi\nline") })
		get(e)
	case "chi":
		r := chi.NewRouter()
		r.Use(chimw.Logger, chimw.Recoverer)
		r.Get("/pay", func(http.ResponseWriter, *http.Request) { wallet.Index(nil, 4) })
		get(r)
	case "echo":
		e := echo.New()
		e.Use(echomw.Recover())
		e.GET("/pay", func(echo.Context) error { wallet.Index(nil, 4); return nil })
		get(e)
	case "echolog":
		e := echo.New()
		e.Logger.SetLevel(1)
		e.Use(echomw.Logger(), echomw.Recover())
		e.GET("/pay", func(echo.Context) error { panic(fmt.Errorf("plain\nlines")) })
		get(e)
	case "goerr":
		fmt.Println(goerrors.Wrap(stderr.New("short of funds"), 0).ErrorStack())
		fmt.Println("after")
	case "goerrlog":
		logrus.Errorf("failed: %s", goerrors.Errorf("no %d", 3).ErrorStack())
	case "goerrpanic":
		panic(goerrors.Errorf("no %d", 3))
	case "zapdev":
		l, _ := zap.NewDevelopment()
		l.Info("start")
		l.Error("settle failed", zap.Error(wallet.Charge("w")), zap.Int("n", 3))
		l.Warn("odd")
		l.Error("plain", zap.Error(stderr.New("x")))
		l.Info("after")
	case "zapdpanic":
		l, _ := zap.NewDevelopment()
		l.DPanic("ledger drift")
	case "zappanic":
		l, _ := zap.NewProduction()
		l.Panic("cannot go on", zap.Int("a", 1))
	case "zapfatal":
		l, _ := zap.NewDevelopment()
		l.Fatal("fatal thing")
	case "logrus":
		logrus.WithError(wallet.Charge("w")).Error("settle failed")
		logrus.Panic("end of it")
	case "logrustrace":
		logrus.SetReportCaller(true)
		logrus.Errorf("failed %+v", wallet.New())
	case "zerolog":
		zerolog.ErrorStackMarshaler = pkgerrors.MarshalStack
		l := zerolog.New(os.Stderr).With().Timestamp().Logger()
		l.Error().Stack().Err(wallet.Charge("w")).Msg("settle failed")
		l.Panic().Msg("zero end")
	case "zeroconsole":
		l := zerolog.New(zerolog.ConsoleWriter{Out: os.Stderr, NoColor: true})
		l.Error().Err(wallet.Charge("w")).Msg("settle failed")
		l.Panic().Msg("zero end")
	case "hclog":
		l := hclog.New(&hclog.LoggerOptions{Name: "agent", IncludeLocation: true})
		l.Info("x")
		l.Error("settle failed", "error", wallet.New(), "stacktrace", hclog.Stacktrace())
		l.Info("after")
	case "klog":
		klog.ErrorS(wallet.New(), "Observed a panic", "panic", "boom\nx", "stacktrace", fmt.Sprintf("goroutine 1 [running]:\nmain.f()\n\t/srv/pay/x.go:3 +0x1\nmain.main()\n\t/srv/pay/x.go:9 +0x2\n"))
		klog.Info("after")
		klog.Flush()
	case "klogfatal":
		klog.Info("up")
		klog.Fatalf("no lease: %v", "timeout")
	case "glogfatal":
		glog.Info("up")
		glog.Fatalf("no lease: %v", "timeout")
	case "xerrors":
		fmt.Printf("%+v\n", xerrors.Errorf("outer: %w", xerrors.New("inner")))
	case "withstack":
		log.Printf("%+v", errors.WithStack(errors.WithMessage(stderr.New("root\nsecond"), "mid")))
	}
}
