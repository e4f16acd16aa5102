# frozen_string_literal: true

# The adapter protocol for Ruby clients: requests on stdin, answers on stdout. Keep it beside your adapter.
#
# Subclass Adapter, define what the client can do, and end your program with AdapterLoop.serve(YourAdapter.new).
require "json"

# An answer of kind `kind`, with the text and class of `cause`, an exception of the client; or with a text alone, for what is
# said without one. `details` are further members of the error: `oauth_error:`, `http_status:`, ...
class Failure < StandardError
  attr_reader :kind, :native, :details

  def initialize(kind, cause, **details)
    super(cause.is_a?(Exception) ? cause.message : cause)
    @kind = kind
    @native = cause.is_a?(Exception) ? cause.class.name : ""
    @details = details
  end
end

# The operations of the protocol. Define what the client can do, and say so in `hello`:
#
#     hello                                 # the members client, grants, token_endpoint_auth_methods, parameters, capabilities
#     configure(config)                     # forget everything and build the client anew; send nothing
#     get_token                             # what `token` makes of the client's token
#     refresh                               # the same, and the following: each with a capability of its own
#     request(method, url, headers, body)   # {status:, headers: [[name, value], ...], body:}
#     advance_clock(seconds)
#     describe                              # the client's own string forms
#
# Let the client's own exceptions pass: `kinds` maps the classes that the client documents, the first match counts, and
# whatever it does not name is answered as "unexpected".
class Adapter
  def kinds = {}

  # The kind of an exception, where the table `kinds` does not suffice.
  def kind(exception) = kinds.find { |native, _| exception.is_a?(native) }&.last || "unexpected"

  # The further members of an error that the exception carries.
  def details(_exception) = {}

  # The protocol's token for the members that the client hands its application. A member for which the protocol has another
  # type stands in extra, as the client gave it.
  def token(members)
    members = members.transform_keys(&:to_s)
    fitting, rest = members.except("access_token").partition { |name, value| FITS[name]&.call(value) }
    FITS.transform_values { nil }.merge(fitting.to_h, {
      "access_token" => members["access_token"],
      "extra" => rest.to_h.compact,
    })
  end

  text = ->(value) { value.is_a?(String) }
  number = ->(value) { value.is_a?(Integer) || (value.is_a?(Float) && value.finite?) }
  FITS = {
    "token_type" => text, "expires_in" => number, "expires_at" => number, "refresh_token" => text, "scope" => text,
  }.freeze
end

# Answers one request after the other.
class AdapterLoop
  ALWAYS = %w[hello configure now close].freeze
  WHEN_CONFIGURED = %w[get_token get_tokens refresh request advance_clock describe].freeze
  # Everything but what ends a process.
  CAUGHT = [StandardError, ScriptError, SystemStackError].freeze

  def self.serve(adapter)
    # stdout carries answers only: whatever the client prints goes to stderr.
    answers = $stdout.dup
    $stdout.reopen($stderr)
    loop = new(adapter)
    $stdin.set_encoding(Encoding::UTF_8).each_line do |line|
      asked = JSON.parse(line)
      answers.write(spelled({ "id" => asked["id"], **loop.answer(asked["op"], asked["args"] || {}) }), "\n")
      answers.flush
      return if asked["op"] == "close"
    end
  end

  def self.spelled(answer)
    JSON.generate(plain(answer), max_nesting: 0)
  rescue SystemStackError
    # What is nested too deep to be spelled again stays out: the client has taken it, and that is what counts.
    answer["ok"]["token"]["extra"] = {}
    JSON.generate(plain(answer), max_nesting: 0)
  end

  # JSON has texts of Unicode and finite numbers.
  def self.plain(value)
    case value
    when Hash then value.to_h { |name, member| [plain(name.to_s), plain(member)] }
    when Array then value.map { |member| plain(member) }
    when Float then value.finite? ? value : value.to_s
    when Integer, true, false, nil then value
    else (text = value.to_s).encoding == Encoding::UTF_8 ? text.scrub : text.dup.force_encoding(Encoding::UTF_8).scrub
    end
  end

  def initialize(adapter)
    @adapter = adapter
    @configured = false
  end

  def answer(operation, args)
    { "ok" => perform(operation, args) }
  rescue *CAUGHT => e
    { "error" => error(e) }
  end

  private

  def perform(operation, args)
    return send(:"answer_#{operation}", args) if ALWAYS.include?(operation)

    known = WHEN_CONFIGURED.include?(operation) && (operation == "get_tokens" || @adapter.respond_to?(operation))
    raise Failure.new("unexpected", "unknown operation #{operation}") unless known
    raise Failure.new("config", "there is no client: configure has not succeeded") unless @configured

    send(:"answer_#{operation}", args)
  end

  def answer_hello(_args) = { "protocol" => 1, **@adapter.hello }

  def answer_close(_args) = {}

  def answer_configure(args)
    @configured = false
    @adapter.configure(args["config"])
    @configured = true
    {}
  end

  def answer_now(_args)
    # The moment of sleep shows that sleeping works under a clock that is moved from outside.
    sleep(0.001)
    { "now" => Time.now.to_f }
  end

  def answer_get_token(_args) = { "token" => @adapter.get_token }

  def answer_get_tokens(args)
    callers = Array.new(args["count"]) { Thread.new { one_of_many } }
    { "results" => callers.map(&:value) }
  end

  def one_of_many
    { "token" => @adapter.get_token }
  rescue *CAUGHT => e
    { "error" => error(e) }
  end

  def answer_refresh(_args) = { "token" => @adapter.refresh }

  def answer_request(args) = @adapter.request(*args.values_at("method", "url", "headers", "body"))

  def answer_advance_clock(args)
    @adapter.advance_clock(args["seconds"])
    {}
  end

  def answer_describe(_args) = { "texts" => @adapter.describe }

  def error(exception)
    return said(exception.kind, exception.message, exception.native, exception.details) if exception.is_a?(Failure)

    said(@adapter.kind(exception), exception.message, exception.class.name, @adapter.details(exception))
  end

  def said(kind, message, native, details)
    nothing = %i[oauth_error oauth_error_description oauth_error_uri http_status retry_after].to_h { |name| [name, nil] }
    { kind: kind, message: message, type: native, **nothing, **details }
  end
end
