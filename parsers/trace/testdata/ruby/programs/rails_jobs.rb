require 'action_controller/railtie'
require 'active_job/railtie'
require 'action_view/railtie'
class PayApp < Rails::Application
  config.root = __dir__
  config.eager_load = false
  config.secret_key_base = 'x' * 30
  config.consider_all_requests_local = (ENV['LOCAL'] == '1')
  config.logger = Logger.new($stdout)
  config.logger.formatter = ENV['PLAIN'] ? ActiveSupport::Logger::SimpleFormatter.new : Logger::Formatter.new
  config.logger = ActiveSupport::TaggedLogging.new(config.logger) if ENV['TAG']
  config.log_tags = [:request_id, :remote_ip] if ENV['TAG']
  config.hosts.clear
  config.active_job.queue_adapter = :inline
  config.filter_parameters += [:card]
  routes.append { get '/pay' => 'pay#index'; get '/view' => 'pay#show'; get '/job' => 'pay#job'; get '/retry' => 'pay#retry' ; get '/rescued' => 'pay#rescued'}
end
class Declined < StandardError; end
class PayJob < ActiveJob::Base
  def perform(card) raise Declined, "job declined\nsecond line" end
end
class RetryJob < ActiveJob::Base
  retry_on Declined, wait: 1, attempts: 1
  def perform(card) raise Declined, "retry declined" end
end
class PayController < ActionController::Base
  def index; begin; {}.fetch(:w); rescue KeyError => e; raise Declined, "no funds (51)"; end; end
  def show; render inline: "<h1>x</h1>\n<%= @pay.name %>\n<p>y</p>"; end
  def job; PayJob.perform_now('4111'); end
  def retry; RetryJob.perform_later('4111'); head :ok; end
  def rescued; begin; index; rescue => e; logger.error(e); logger.error("charge failed: #{e.message}"); logger.error(e.backtrace.join("\n")); logger.error("#{e.class}: #{e.message}\n#{e.backtrace.first(5).join("\n")}"); logger.error e.full_message(highlight: false); end; head :ok; end
end
PayApp.initialize!
%w[/pay /view /job /retry /rescued /nope].each { |u| begin; s, = PayApp.call(Rack::MockRequest.env_for(u + '?card=4111')); rescue Exception => e; puts "RAISED #{e.class}"; end }
