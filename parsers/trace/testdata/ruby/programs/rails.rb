# What ActionDispatch::DebugExceptions logs: an application of two actions, its template raises in one.
ENV['RAILS_ENV'] = 'production'
require 'action_controller/railtie'
require 'action_view/railtie'
require 'rack/mock'
require_relative 'wallet'
class App < Rails::Application
  config.root = '/srv/pay'; config.eager_load = false; config.secret_key_base = 'x'; config.hosts.clear
  config.log_tags = [:request_id] if ARGV[0] == 'tagged'
  l = Logger.new($stdout); l.formatter = Logger::Formatter.new
  config.logger = ActiveSupport::TaggedLogging.new(l)
  config.logger.formatter = ARGV[0] == 'plain' ? ActiveSupport::Logger::SimpleFormatter.new.extend(ActiveSupport::TaggedLogging::Formatter) : config.logger.formatter
  routes.append { get '/pay' => 'pay#pay'; get '/show' => 'pay#show' }
end
class PayController < ActionController::Base
  prepend_view_path '/srv/pay/app/views'
  def pay = Acme::Wallet.charge('w-404')
  def show; end
end
App.initialize!
%w[/pay /show].each { |p| App.call(Rack::MockRequest.env_for(p, 'action_dispatch.show_exceptions' => true)) }
