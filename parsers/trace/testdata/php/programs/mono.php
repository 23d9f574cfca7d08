<?php
require '/usr/share/php/Monolog/autoload.php';
use Monolog\Logger; use Monolog\Handler\StreamHandler; use Monolog\Formatter\{LineFormatter, JsonFormatter, LogstashFormatter, GelfMessageFormatter, NormalizerFormatter};
class Declined extends RuntimeException {}
function deep($n, $secret) { if ($n == 0) throw new Declined("no \"funds\" for\nw-1 at C:\\x", 51); deep($n - 1, $secret); }
function make() { try { deep(2, 'tok'); } catch (Exception $e) { try { throw new LogicException('middle', 2, $e); } catch (Exception $f) { return new RuntimeException('outer {x} [y]', 3, $f); } } }
$which = $argv[1];
$h = new StreamHandler('php://stdout');
switch ($which) {
 case 'line': $f = new LineFormatter(); break;
 case 'linebr': $f = new LineFormatter(null, null, true); break;
 case 'stack': $f = new LineFormatter(null, null, false, false); $f->includeStacktraces(); break;
 case 'stacknobr': $f = new LineFormatter(null, null, false, true); $f->includeStacktraces(); $f->allowInlineLineBreaks(false); break;
 case 'laravel': $f = new LineFormatter(null, 'Y-m-d H:i:s', true, true); $f->includeStacktraces(); break;
 case 'json': $f = new JsonFormatter(); break;
 case 'jsonstack': $f = new JsonFormatter(); $f->includeStacktraces(); break;
 case 'logstash': $f = new LogstashFormatter('pay'); break;
}
$h->setFormatter($f); $l = new Logger('pay'); $l->pushHandler($h); $l->pushProcessor(new Monolog\Processor\UidProcessor());
$l->info('start', ['id' => 7]);
$l->error('charge failed', ['exception' => make(), 'id' => 7, 'nested' => ['a' => 1]]);
$l->critical(make());
$l->critical((string) make());
$l->error('Failed: ' . make()->getMessage(), ['exception' => make()->getPrevious()->getPrevious()]);
$l->error('err key', ['error' => make()->getPrevious()->getPrevious()]);
$l->info('done');
