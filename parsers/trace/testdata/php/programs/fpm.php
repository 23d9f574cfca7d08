<?php
function pay($n, $card) { if ($n == 0) throw new DomainException("no funds for $card"); pay($n - 1, $card); }
$u = $_GET['c'] ?? '';
ini_set('display_errors', '0');
if ($u == 'warn') { echo $undef; error_log("plain message from error_log"); }
if ($u == 'warnfatal') { echo $undef; pay(1, 'x'); }
if ($u == 'deep') { pay(40, 'x'); }
if ($u == 'chain') { try { pay(2, 'x'); } catch (Exception $e) { throw new LogicException("outer\nsecond", 0, $e); } }
if ($u == 'mem') { ini_set('memory_limit', '4M'); str_repeat('x', 100000000); }
if ($u == 'log') { try { pay(2, 'x'); } catch (Exception $e) { error_log($e); error_log("charge failed: " . $e); } }
if ($u == 'stderr') { try { pay(2, 'x'); } catch (Exception $e) { file_put_contents('php://stderr', "[2026-11-22 05:28:11] production.ERROR: no funds {\"exception\":\"[object] (DomainException(code: 0): no funds at /srv/x.php:3)\n[stacktrace]\n#0 /srv/x.php(3): pay()\n#1 {main}\n\"} \n"); } }
if ($u == 'simple') pay(1, 'x');
if ($u == 'exit') { posix_kill(posix_getpid(), 11); }
echo 'ok';
