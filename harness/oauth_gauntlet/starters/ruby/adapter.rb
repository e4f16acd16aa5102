# frozen_string_literal: true

# An adapter to complete: at each "fill in", call your client as its documentation shows, and do nothing else.
# It runs unchanged; `oauth-gauntlet adapter check "cmd:ruby adapter.rb"` reports what is missing.
require_relative "adapter_loop"

class MyAdapter < Adapter
  # Scenarios judge only what is declared here; docs/adapter-protocol.md lists the names.
  def hello
    {
      client: { name: "fill in", version: "", language: "ruby", runtime: "ruby #{RUBY_VERSION}", url: "" },
      grants: ["client_credentials"],
      token_endpoint_auth_methods: [],
      parameters: [],
      capabilities: [],
    }
  end

  # Fill in: the kind of each exception class that your client documents, as { YourClient::Refused => "oauth" }; all others
  # are answered with kind "unexpected".
  def kinds = {}

  # Fill in: what such an exception contains of the response, as { oauth_error: exception.code, http_status: 400 }.
  def details(_exception) = {}

  # Discard all state, and create your client from the keys that are present; send nothing yet.
  def configure(config)
    @config = config
  end

  # Fill in: return token({ access_token:, token_type:, expires_in:, refresh_token:, scope: }) with what your client returns
  # to its application.
  def get_token
    raise "fill in get_token: ask #{@config['token_url']} for a token with your client"
  end

  # Fill in or delete; each has its own capability:
  # def refresh                                the new token, converted by token                     "refresh"
  # def request(method, url, headers, body)    { status:, headers: [[name, value], ...], body: }     "resource"
  # def describe                               [client.to_s, client.inspect]                         "describe"
end

AdapterLoop.serve(MyAdapter.new)
