package agent

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tracetail/tracetail/internal/config"
	"github.com/tracetail/tracetail/internal/enrich"
)

const podLog = "/var/log/pods/payments_wallet-7c9f5d8b6-x2x4k_0f6c1d2e-3b4a-4c5d-8e9f-a0b1c2d3e4f5/api/2.log"

func TestThePodOfAnEvent(t *testing.T) {
	out := &collected{}
	s := routeOf(out)
	s.info.Path, s.place = podLog, enrich.At(podLog, podLog)
	s.labels = config.Labels{ServerName: "node-1", Tags: map[string]string{"container": "configured", "team": "pay"}}
	pushed(s, noon, trace+trace)
	s.End(noon)
	if len(out.events) != 2 {
		t.Fatalf("%d events", len(out.events))
	}
	for _, e := range out.events {
		want := map[string]string{"namespace": "payments", "pod": "wallet-7c9f5d8b6-x2x4k", "container": "configured", "team": "pay"}
		if d := cmp.Diff(want, e.Tags); d != "" {
			t.Errorf("tags (-want +got):\n%s", d)
		}
		k, _ := e.Contexts["k8s"].(map[string]any)
		if k["k8s.container.name"] != "api" || k["k8s.container.restart_count"] != 2 {
			t.Errorf("contexts %v", e.Contexts)
		}
		if e.ServerName != "node-1" {
			t.Errorf("server name %q", e.ServerName)
		}
	}
	if len(s.labels.Tags) != 2 {
		t.Errorf("the configured tags have become %v", s.labels.Tags)
	}
}

func TestTheUnitOfAnEvent(t *testing.T) {
	out := &collected{}
	s := routeOf(out)
	for _, unit := range []string{"wallet", "orders"} {
		pushed(s, noon, `{"__CURSOR":"s=1;i=`+unit+`","__REALTIME_TIMESTAMP":"1795332491000000","MESSAGE":"ERROR:pay:charge failed","_PID":"`+unit+`","_SYSTEMD_UNIT":"`+unit+`.service"}`+"\n")
	}
	s.End(noon)
	var got []string
	for _, e := range out.events {
		got = append(got, e.Tags["unit"]+" "+e.Tags["service"])
	}
	if d := cmp.Diff([]string{"wallet.service wallet", "orders.service orders"}, got); d != "" {
		t.Errorf("units (-want +got):\n%s", d)
	}
}
