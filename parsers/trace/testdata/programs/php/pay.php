<?php
// Crashes as its argument says.
namespace Acme\Pay;

class PaymentError extends \RuntimeException {}

function charge(int $amount): int
{
    if ($amount < 0) {
        throw new \InvalidArgumentException("amount $amount is below zero");
    }
    return intdiv(100, $amount);
}

function pay(int $amount): int
{
    try {
        return charge($amount);
    } catch (\Throwable $e) {
        throw new PaymentError('card was not charged', 7, $e);
    }
}

function descend(array $way): array
{
    return descend([$way]);
}

switch ($argv[1]) {
    case 'uncaught':
        charge(-3);
    case 'chained':
        pay(0);
    case 'multiline':
        throw new PaymentError("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header");
    case 'recursion':
        descend([]);
    case 'closure':
        array_map(fn ($a) => pay($a), [5, -1]);
    case 'warning':
        echo $card['number'], "\n";
        trigger_error('order 77 is late', E_USER_WARNING);
        break;
    case 'logged':
        try {
            pay(0);
        } catch (PaymentError $e) {
            error_log("order 77 was lost: $e");
        }
        error_log('one more order waits');
}
