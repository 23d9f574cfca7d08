# What Sidekiq's default error handler writes, by Sidekiq itself.
require 'sidekiq'
require 'sidekiq/exception_handler'
require_relative 'wallet'
begin; Acme::Wallet.charge('w-404'); rescue => e
  Sidekiq::ExceptionHandler::Logger.new.call(e, { context: 'Job raised exception', job: { 'class' => 'PayJob', 'jid' => 'abc' } })
end
