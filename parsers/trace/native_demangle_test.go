package trace

import (
	"strings"
	"testing"
)

func TestNativeDemangled(t *testing.T) {
	for raw, want := range map[string]string{
		"main":            "main",
		"_ZN6ledger2btEv": "ledger::bt",
		"_Z3addii":        "add",
		"_ZN6ledger4BookISt4pairIidEE2atERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKSt6vectorIS2_SaIS2_EE": "ledger::Book<std::pair<int, double> >::at",
		"_ZNK6ledger4BookISt10unique_ptrIiSt14default_deleteIiEEEeqERKS5_":                                              "ledger::Book<std::unique_ptr<int, std::default_delete<int> > >::operator==",
		"_ZZ4mainENKUlvE_clEv": "main::{lambda()#1}::operator()",
		"_ZSt13__invoke_implIvZ4mainEUlvE_JEET_St14__invoke_otherOT0_DpOT1_":                            "std::__invoke_impl<void, main::{lambda()#1}>",
		"_ZNSt6thread8_InvokerISt5tupleIJZ4mainEUlvE_EEE9_M_invokeIJLm0EEEEvSt12_Index_tupleIJXspT_EEE": "std::thread::_Invoker<std::tuple<main::{lambda()#1}> >::_M_invoke<0ul>",
		"_ZNSt6thread11_State_implINS_8_InvokerISt5tupleIJZ4mainEUlvE_EEEEE6_M_runEv":                   "std::thread::_State_impl<std::thread::_Invoker<std::tuple<main::{lambda()#1}> > >::_M_run",
		"_ZN12_GLOBAL__N_16HiddenC2Ev":                                "(anonymous namespace)::Hidden::Hidden",
		"_ZN6ledger4BookIiED1Ev":                                      "ledger::Book<int>::~Book",
		"_ZNSt8functionIFviEEC1ERKS1_":                                "std::function<void (int)>::function",
		"_ZN3app4callIPFviEEEvT_":                                     "app::call<void (*)(int)>",
		"_ZN3app3arrIA4_iEEvRT_":                                      "app::arr<int [4]>",
		"_ZThn8_N3app7Derived2goEv":                                   "app::Derived::go",
		"_ZNKSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE2atEm": "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::at",
		"_ZN3foo3barB5cxx11Ev.isra.0":                                 "foo::bar[abi:cxx11]",
		"_ZN1ScviEv":                                                  "S::operator int",
		"_ZN3pay6divide17h0123456789abcdefE":                          "pay::divide",
		"_ZN48_$LT$pay..Ledger$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE": "<pay::Ledger as core::fmt::Debug>::fmt",
		"_RNvC6_123foo3bar":                               "123foo::bar",
		"_RNvCs1234_7mycrate3foo":                         "mycrate::foo",
		"_RNCNvCsgStHSCytQ6I_7mycrate4main0B3_":           "mycrate::main::{closure#0}",
		"_RNvMCs1234_7mycrateNtB2_6Ledger6settle":         "<mycrate::Ledger>::settle",
		"_RNvXCs1234_7mycrateNtB2_6LedgerNtB2_5Trait3foo": "<mycrate::Ledger as mycrate::Trait>::foo",
		"_RINvCs1234_7mycrate3foolRhE":                    "mycrate::foo<i32, &u8>",
		"_Z":                                              "_Z",
		"_ZN3foo":                                         "_ZN3foo",
		"_Z99999x":                                        "_Z99999x",
		"_ZN3fooIXsr3barE1xEEvv":                          "_ZN3fooIXsr3barE1xEEvv",
	} {
		if got := nativeDemangled(raw); got != want {
			t.Errorf("%s:\n got %s\nwant %s", raw, got, want)
		}
	}
}

// TestNativeDemangledIsBounded gives names whose substitutions double at each step.
func TestNativeDemangledIsBounded(t *testing.T) {
	var sb strings.Builder
	sb.WriteString("_ZN1a1bEv1c")
	for range 200 {
		sb.WriteString("St4pairIS_S_E")
	}
	nested := "_Z1f" + strings.Repeat("P", 3000) + "i"
	for _, raw := range []string{sb.String(), "_Z1fI" + strings.Repeat("St4pairIS_", 100), nested, "_R" + strings.Repeat("B_", 1000), "_ZZ" + strings.Repeat("Z", 3000)} {
		if got := nativeDemangled(raw); len(got) > demangleWork {
			t.Errorf("%.20s...: %d bytes", raw, len(got))
		}
	}
}

func FuzzNativeDemangled(f *testing.F) {
	f.Add("_ZNSt6thread8_InvokerISt5tupleIJZ4mainEUlvE_EEE9_M_invokeIJLm0EEEEvSt12_Index_tupleIJXspT_EEE")
	f.Add("_RNvXCs1234_7mycrateNtB2_6LedgerNtB2_5Trait3foo")
	f.Add("_ZN48_$LT$pay..Ledger$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE")
	f.Fuzz(func(t *testing.T, raw string) {
		if got := nativeDemangled(raw); len(got) > demangleWork+len(raw) {
			t.Errorf("%d bytes from %d", len(got), len(raw))
		}
	})
}
