# frozen_string_literal: true

# Adapter for the gem oauth2: OAuth2::Client with its strategies client_credentials and password, and AccessToken#refresh!.
require "oauth2"
require "oauth2/version"
require_relative "../../../harness/oauth_gauntlet/starters/ruby/adapter_loop"

class OAuth2Adapter < Adapter
  def hello
    {
      client: {
        name: "oauth2 (ruby)", version: "#{OAuth2::Version} of Debian 12", language: "ruby",
        runtime: "ruby #{RUBY_VERSION}, faraday #{Faraday::VERSION}", url: "https://github.com/ruby-oauth/oauth2",
      },
      # The strategy assertion implements an older draft than RFC 7523: it sends grant_type=assertion.
      grants: %w[refresh_token client_credentials password],
      token_endpoint_auth_methods: %w[client_secret_basic client_secret_post],
      parameters: %w[scope additional_payload ca_file timeout],
      capabilities: %w[refresh resource parallel process_clock tls proxy describe],
    }
  end

  def configure(config)
    @config = config
    @client = OAuth2::Client.new(config["client_id"], config["client_secret"], options(config))
    @held = nil
    return if grant?

    # As in the gem's documentation for a token that the application has stored.
    @held = OAuth2::AccessToken.from_hash(@client, { refresh_token: config["refresh_token"] })
  end

  def get_token
    exposed(
      case @config["grant_type"]
      when "client_credentials" then @client.client_credentials.get_token(parameters)
      when "password" then @client.password.get_token(@config["username"], @config["password"], parameters)
      else @held.refresh!(parameters)
      end,
    )
  end

  def refresh
    raise Failure.new("config", "there is no token to refresh") unless @held

    # The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
    exposed(@held.refresh!(grant? ? parameters.except("scope") : parameters))
  end

  def request(method, url, headers, body)
    get_token if @held.nil? || @held.token.empty?
    response = @held.request(method.downcase.to_sym, url, headers: headers, body: body)
    { status: response.status, headers: response.headers.to_a, body: response.body }
  end

  def describe = [@client.to_s, @client.inspect, @held.to_s, @held.inspect]

  def kind(exception)
    case exception
    when OAuth2::Error
      return "oauth" if exception.code

      exception.response.status < 300 ? "protocol" : "transport"
    when Faraday::TimeoutError then "timeout"
    when Faraday::Error then "transport"
    when ::URI::InvalidURIError then "config"
    # refresh! has no error class for it.
    when RuntimeError then exception.message == "A refresh_token is not available" ? "config" : "unexpected"
    else "unexpected"
    end
  end

  def details(exception)
    return {} unless exception.is_a?(OAuth2::Error)

    text = ->(value) { value if value.is_a?(String) }
    {
      oauth_error: text[exception.code], oauth_error_description: text[exception.description],
      http_status: exception.response.status,
    }
  end

  private

  def grant? = %w[client_credentials password].include?(@config["grant_type"])

  def options(config)
    methods = { "client_secret_basic" => :basic_auth, "client_secret_post" => :request_body }
    {
      token_url: config["token_url"],
      auth_scheme: methods[config["token_endpoint_auth_method"]],
      ssl: config["ca_file"] && { ca_file: config["ca_file"] },
      connection_opts: config["timeout"] ? { request: { timeout: config["timeout"] } } : {},
    }.compact
  end

  def parameters = { "scope" => @config["scope"] }.compact.merge(@config["additional_payload"] || {})

  def exposed(given)
    @held = given
    token(given.params.merge(
      "access_token" => given.token, "refresh_token" => given.refresh_token,
      "expires_in" => given.expires_in, "expires_at" => given.expires_at
    ))
  end
end

AdapterLoop.serve(OAuth2Adapter.new)
