module Acme
  class Declined < StandardError; end
  class Wallet
    def initialize(books = nil) = @books = books
    def find(id) = { 'w-1' => 7 }.fetch(id)
    def debit(n)
      @books.fetch(:cents) - n
    end
    def self.charge(id)
      new.find(id)
    rescue KeyError
      raise Declined, "charge of #{id} failed"
    end
    def self.batch(ids) = ids.each { |id| charge(id) }
    def deep(n) = deep(n + 1)
  end
end
