<?php
// Monolog's own formatters; Debian's package installs below /usr/share/php.
require '/usr/share/php/Monolog/autoload.php';
require __DIR__ . '/wallet.php';
use Monolog\Logger; use Monolog\Handler\StreamHandler; use Monolog\Formatter\{LineFormatter, JsonFormatter};
function logger(string $name, $formatter) {
    $h = new StreamHandler('php://stdout'); $h->setFormatter($formatter);
    return (new Logger($name))->pushHandler($h);
}
$line = new LineFormatter(null, 'Y-m-d H:i:s', true, true); $line->includeStacktraces();
$bare = new LineFormatter(null, null, false, false);
$json = new JsonFormatter(); $json->includeStacktraces();
foreach ([logger('production', $line), logger('request', $bare), logger('json', $json)] as $log) {
    $log->info('login', ['userId' => 7]);
    try { Acme\Wallet::charge([]); } catch (Exception $e) { $log->error($e->getMessage(), ['userId' => 7, 'tags' => ['a' => 1], 'exception' => $e]); }
    try { throw new Acme\Declined("first \"line\"\nsecond at noon"); } catch (Exception $e) { $log->critical($e->getMessage(), ['exception' => $e, 'url' => '/pay']); }
    try { throw new Acme\Declined("no funds"); } catch (Exception $e) { $log->critical('Uncaught PHP Exception Acme\Declined: "no funds" at monolog.php line 20', ['exception' => $e]); }
    $log->info('next job');
}
