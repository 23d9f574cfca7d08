package Acme::Err; use Moo; extends 'Throwable::Error'; package main; sub debit { Acme::Err->throw({message=>"declined by bank"}) } debit(5);
