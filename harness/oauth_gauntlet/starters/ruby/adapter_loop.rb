# frozen_string_literal: true

# The adapter protocol for Ruby clients: requests on stdin, answers on stdout. Keep it next to your adapter.
#
# Subclass Adapter, define what the client can do, and call AdapterLoop.serve(YourAdapter.new) at the end of your program.
require "json"

# An error of kind `kind`, with the text and class of `cause`, an exception of the client; or with a text only, for what is
# reported without an exception. `details` are further members of the error: `oauth_error:`, `http_status:`, ...
class Failure < StandardError
  attr_reader :kind, :native, :details

  def initialize(kind, cause, **details)
    super(cause.is_a?(Exception) ? cause.message : cause)
    @kind = kind
    @native = cause.is_a?(Exception) ? cause.class.name : ""
    @details = details
  end
end

# The operations of the protocol. Define what the client can do, and declare it in `hello`:
#
#     hello                                 # the members client, grants, token_endpoint_auth_methods, parameters, capabilities
#     configure(config)                     # discard all state and create a new client; send nothing
#     get_token                             # the client's token, converted by `token`
#     refresh                               # the same; this and the following have a capability each
#     request(method, url, headers, body)   # {status:, headers: [[name, value], ...], body:}
#     advance_clock(seconds)
#     describe                              # the client's own string forms
#
# The harness may ask for further clients in this process (capability instances): for each the loop calls `new` of your class
# without arguments.
#
# Do not catch the client's exceptions: `kinds` maps the classes that the client documents to kinds. The first match counts;
# any other exception is answered with kind "unexpected".
class Adapter
  def kinds = {}

  # Returns the kind of an exception; override it if the table `kinds` is not enough.
  def kind(exception) = kinds.find { |native, _| exception.is_a?(native) }&.last || "unexpected"

  # Returns further members of the error from the exception.
  def details(_exception) = {}

  # Returns the protocol's token for the members that the client returns to its application. A member of a type other than
  # the protocol's goes into extra, unchanged.
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

# Answers the requests, one after the other.
class AdapterLoop
  ALWAYS = %w[hello configure now close].freeze
  WHEN_CONFIGURED = %w[get_token get_tokens refresh request advance_clock describe].freeze
  # All exceptions except those that end a process.
  CAUGHT = [StandardError, ScriptError, SystemStackError].freeze

  def self.serve(adapter)
    # stdout is for answers only: what the client prints goes to stderr.
    answers = $stdout.dup
    $stdout.reopen($stderr)
    loops = Hash.new { |all, name| all[name] = new(adapter.class.new) }.merge!("a" => new(adapter))
    $stdin.set_encoding(Encoding::UTF_8).each_line do |line|
      asked = JSON.parse(line)
      args = asked["args"] || {}
      loop = loops[args.fetch("instance", "a")]
      answers.write(encoded({ "id" => asked["id"], **loop.answer(asked["op"], args) }), "\n")
      answers.flush
      return if asked["op"] == "close"
    end
  end

  def self.encoded(answer)
    JSON.generate(plain(answer), max_nesting: 0)
  rescue SystemStackError
    # What is nested too deeply to be encoded again is left out: the client has accepted it, and only that matters.
    answer["ok"]["token"]["extra"] = {}
    JSON.generate(plain(answer), max_nesting: 0)
  end

  # Returns a value that JSON can represent: Unicode strings and finite numbers.
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

  def answer_hello(_args)
    hello = @adapter.hello.transform_keys(&:to_s)
    { "protocol" => 1, **hello, "capabilities" => [*hello["capabilities"], "instances"] }
  end

  def answer_close(_args) = {}

  def answer_configure(args)
    @configured = false
    @adapter.configure(args["config"])
    @configured = true
    {}
  end

  def answer_now(_args)
    # The short sleep shows that sleeping works while the clock is moved from outside.
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
    return error_with(exception.kind, exception.message, exception.native, exception.details) if exception.is_a?(Failure)

    error_with(@adapter.kind(exception), exception.message, exception.class.name, @adapter.details(exception))
  end

  def error_with(kind, message, native, details)
    nothing = %i[oauth_error oauth_error_description oauth_error_uri http_status retry_after].to_h { |name| [name, nil] }
    { kind: kind, message: message, type: native, **nothing, **details }
  end
end
