<?php
require __DIR__ . '/wallet.php';
use Acme\Wallet;
use Acme\Declined;
function run($case) {
    switch ($case) {
        case 'chain': Wallet::charge(['pin' => 1234]); break;
        case 'chain3':
            try { Wallet::charge([]); } catch (Declined $e) { throw new LogicException("settle failed", 0, $e); }
        case 'closure': Wallet::batch([1, 2]); break;
        case 'multiline': throw new Exception("first line\n\nsecond line: x in y:3\nthird");
        case 'fake': throw new Exception("quoted:\nStack trace:\n#0 fake\n#1 /etc/x.php(3): nothing()\nend");
        case 'nested': try { Wallet::charge([]); } catch (Declined $e) { throw new RuntimeException("wrapped: $e"); }
        case 'empty': throw new Declined();
        case 'typeerror': (new Wallet)->debit("x y"); break;
        case 'argcount': (new Wallet)->debit(); break;
        case 'anon': (new class { function m() { throw new DomainException("anonymous"); } })->m(); break;
        case 'eval': eval('throw new Exception("from eval");'); break;
        case 'include': include __DIR__ . '/included.php'; break;
        case 'memory': ini_set('memory_limit', '8M'); $x = str_repeat('x', 16 << 20); break;
        case 'user': trigger_error("ledger is\nout of balance", E_USER_ERROR); break;
        case 'recoverable': trigger_error("short", E_USER_ERROR); break;
        case 'warning': echo $undefined; trigger_error("slow", E_USER_WARNING); break;
        case 'echo': try { Wallet::charge([]); } catch (Exception $e) { echo $e, "\n"; } break;
        case 'log': try { Wallet::charge([]); } catch (Exception $e) { error_log("charge failed: $e"); error_log("next job"); } break;
        case 'logmulti': try { throw new Declined("first line\nsecond: line"); } catch (Exception $e) { error_log($e); } break;
        case 'rows': try { Wallet::charge([]); } catch (Exception $e) { error_log("charge failed: " . $e->getMessage() . "\n" . $e->getTraceAsString()); } break;
        case 'undefined': surepay_missing(); break;
        case 'tostring': throw new class("mine") extends Exception { function __toString(): string { return "a text of its own"; } };
        case 'handler': set_exception_handler(function ($e) { error_log("Unhandled: " . $e); }); throw new Declined("to the handler");
        case 'shutdown': register_shutdown_function(function () { throw new Exception("in shutdown"); }); break;
        case 'generator': foreach ((function () { yield 1; throw new UnexpectedValueException("in a generator"); })() as $x); break;
        case 'destructor': new class { function __destruct() { throw new Exception("in a destructor"); } }; break;
        case 'match': echo match (5) { 1 => 'a' }; break;
        case 'backtrace': debug_print_backtrace(); break;
    }
}
run($argv[1] ?? $_GET['case'] ?? 'chain');
