# frozen_string_literal: true

# An adapter whose client answers an authorised request with what it was asked. The configured client_id selects the members
# of its token.
require_relative "adapter_loop"

TOKENS = {
  "numbers" => { expires_in: 3600r, expires_at: 1800.5, scope: "a" },
  "odd" => { expires_in: ["soon"], refresh_token: 5, scope: ["secret"], token_type: "Bearer" },
}.freeze

# An error whose message is what a server sent.
class Refused < StandardError
  attr_reader :message

  def initialize(message)
    super()
    @message = message
  end
end

# An error whose message cannot be read.
class Unreadable < StandardError
  def message = nil.fetch("error")
end

ERRORS = {
  "odd error" => Refused.new(["a", 5]),
  "unreadable error" => Unreadable.new,
  "odd details" => Failure.new(
    "oauth", Refused.new(5), oauth_error: ["a"], http_status: "400", retry_after: Float::NAN, message: 5
  ),
}.freeze

class Echoes < Adapter
  def hello = { client: { name: "echoes" }, grants: [], capabilities: %w[resource parallel] }

  def kinds = { KeyError => "protocol" }

  def configure(config)
    @behaviour = config["client_id"]
    @met, @lock, @third = 0, Mutex.new, ConditionVariable.new
  end

  def get_token
    raise ERRORS[@behaviour] if ERRORS.key?(@behaviour)

    token(@behaviour == "nothing" ? nil : { access_token: "one", **TOKENS.fetch(@behaviour) })
  end

  def request(method, url, headers, body)
    three if url == "meets"
    raise KeyError, body if url == "fails"

    { status: 200, headers: headers.to_a, body: "#{method} #{url} #{body}" }
  end

  private

  # Waits until three callers have come.
  def three
    @lock.synchronize do
      @met += 1
      @third.broadcast if @met == 3
      @third.wait(@lock) until @met >= 3
    end
  end
end

AdapterLoop.serve(Echoes.new)
