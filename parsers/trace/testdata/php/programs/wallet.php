<?php
namespace Acme;
class Declined extends \RuntimeException {}
class Wallet {
    public function find(string $id) { throw new \OutOfBoundsException("no wallet {$id} in ledger"); }
    public function debit(int $n) { return $this->find('w-404'); }
    public static function charge(array $opts) {
        try { (new self)->debit(7); }
        catch (\OutOfBoundsException $e) { throw new Declined("charge of w-404 failed", 51, $e); }
    }
    public static function batch(array $ids) { return array_map(function ($id) { return (new self)->debit($id); }, $ids); }
}
