<?php
declare(strict_types=1);
namespace Acme\Pay;
class Declined extends \RuntimeException {}
interface Payer {}
abstract class Base { public function __call($n, $a) { throw new \BadMethodCallException("no $n"); } public static function __callStatic($n, $a) { throw new \LogicException("static $n"); } }
final class Wallet extends Base implements \ArrayAccess, \IteratorAggregate {
  public readonly int $id; private ?Wallet $next = null;
  function __construct(int $id = 1) { $this->id = $id; }
  function debit(#[\SensitiveParameter] string $card, int $n): int { if ($n > 5) throw new Declined("no funds\n\nfor $card in /x.php:3", 51); return $n; }
  function offsetExists(mixed $o): bool { return true; } function offsetGet(mixed $o): mixed { throw new \OutOfBoundsException("offset $o"); } function offsetSet(mixed $o, mixed $v): void {} function offsetUnset(mixed $o): void {}
  function getIterator(): \Iterator { yield 1; throw new \DomainException("iter"); }
  function __get($n) { throw new \Error("prop $n"); }
  function __toString(): string { throw new \Exception("tostring"); }
  function __invoke(...$a) { return (fn() => throw new Declined("arrow"))(); }
  static function make(callable $f) { return array_map($f, [1, 2]); }
}
enum Suit: string { case A = 'a'; public function go() { return self::from('zz'); } public static function bad(): self { return self::from('q'); } }
trait T { public function t() { throw new Declined("in trait"); } }
class UsesT { use T; }
function rec(int $n) { return $n == 0 ? throw new Declined("deep") : rec($n - 1); }
function gen() { try { yield 1; } finally { throw new Declined("finally"); } }
#[\Attribute] class At {}
$w = new Wallet(7);
switch ($argv[1]) {
 case 'plain': $w->debit('4111111111111111', 9); break;
 case 'chain': try { try { $w->debit('4111', 9); } catch (Declined $e) { throw new \LogicException("middle: " . $e->getMessage(), 1, $e); } } catch (\Exception $e) { throw new \RuntimeException("outer", 0, $e); } 
 case 'type': $w->debit('x', '9'); break;
 case 'args': (function(int $a, int $b) {})(1); break;
 case 'call': $w->nope(1); break;
 case 'cstatic': Wallet::nope(1); break;
 case 'offset': $w['k']; break;
 case 'iter': foreach ($w as $x) {} break;
 case 'get': $w->zip; break;
 case 'tostr': echo "$w"; break;
 case 'invoke': $w(1, 2); break;
 case 'map': Wallet::make(function ($x) { throw new Declined("mapped"); }); break;
 case 'map2': Wallet::make([new UsesT, 't']); break;
 case 'enum': Suit::bad(); break;
 case 'readonly': $w->id = 3; break;
 case 'match': echo match ($w->id) { 1 => 'x' }; break;
 case 'anon': (new class extends Wallet2 { function m() { throw new Declined('anon'); } })->m(); break;
 case 'anon2': (new class { function m() { throw new Declined('anon'); } })->m(); break;
 case 'anonex': throw new class('anonymous exception') extends \RuntimeException {};
 case 'rec': rec(30); break;
 case 'gen': $g = gen(); $g->current(); unset($g); break;
 case 'fiber': $f = new \Fiber(function () { \Fiber::suspend(1); throw new Declined('fiber'); }); $f->start(); $f->resume(); break;
 case 'eval': eval('namespace Q; function ev() { throw new \Exception("ev"); } ev();'); break;
 case 'assert': ini_set('assert.active', '1'); ini_set('assert.exception', '1'); assert($w->id > 100 && strlen("x") === 3); break;
 case 'assertmsg': assert(false, "custom"); break;
 case 'undef': undefined_fn(); break;
 case 'undefcls': new Nope(); break;
 case 'undefconst': echo NOPE; break;
 case 'null': $n = null; $n->m(); break;
 case 'div': 1 % 0; break;
 case 'intdiv': intdiv(1, 0); break;
 case 'json': json_decode('{', flags: JSON_THROW_ON_ERROR); break;
 case 'value': array_combine([1], [1, 2]); break;
 case 'pdo': new \PDO('nope:x'); break;
 case 'date': new \DateTime('zzz'); break;
 case 'shutdown': register_shutdown_function(function () { throw new Declined('in shutdown'); }); break;
 case 'handler': set_exception_handler(function ($e) { error_log((string) $e); error_log($e->getMessage()); error_log("Caught {$e->getMessage()}\n" . $e->getTraceAsString()); }); rec(2); break;
 case 'errhandler': set_error_handler(function ($no, $s, $f, $l) { throw new \ErrorException($s, 0, $no, $f, $l); }); echo $undef; break;
 case 'warn': echo $undef; $a = []; echo $a['x']; include '/no/such.php'; break;
 case 'deprecated': trigger_error('old', E_USER_DEPRECATED); trigger_error('note', E_USER_NOTICE); trigger_error('warn', E_USER_WARNING); break;
 case 'usererr': trigger_error("user\nerror", E_USER_ERROR); break;
 case 'memory': ini_set('memory_limit', '4M'); str_repeat('x', 100000000); break;
 case 'time': set_time_limit(1); while (1) {} 
 case 'require': require '/no/such.php'; break;
 case 'redeclare': file_put_contents('/tmp/h6/php/real/re.php', '<?php function rr() {} function rr() {}'); require '/tmp/h6/php/real/re.php'; break;
 case 'parse': file_put_contents('/tmp/h6/php/real/pe.php', "<?php\nfunction (\n"); require '/tmp/h6/php/real/pe.php'; break;
 case 'echo': try { rec(1); } catch (\Throwable $e) { echo $e, "\n"; echo "next line\n"; fwrite(STDERR, "job 7 failed: $e\n"); } break;
 case 'vardump': try { rec(1); } catch (\Throwable $e) { var_dump($e); print_r($e); } break;
 case 'dbt': debug_print_backtrace(); rec2(); break;
 case 'long': (function () { $args = str_repeat('a', 100); throw new Declined(str_repeat("long message ", 300)); })(); break;
 case 'utf': throw new Declined("Käse \xff bad utf8 \x00 nul"); break;
}
function rec2() { debug_print_backtrace(); }
