# frozen_string_literal: true

# An adapter to fill in: at each "fill in", call your client as its documentation shows, and nothing more.
# It runs as it is; `oauth-gauntlet adapter check "cmd:ruby adapter.rb"` says what is missing.
require_relative "adapter_loop"

class MyAdapter < Adapter
  # What is not declared here is not judged; docs/adapter-protocol.md lists the names.
  def hello
    {
      client: { name: "fill in", version: "", language: "ruby", runtime: "ruby #{RUBY_VERSION}", url: "" },
      grants: ["client_credentials"],
      token_endpoint_auth_methods: [],
      parameters: [],
      capabilities: [],
    }
  end

  # Fill in: the kind of each class of exception that your client documents, as { YourClient::Refused => "oauth" }; all else
  # is answered as "unexpected".
  def kinds = {}

  # Fill in: what such an exception says of the server's answer, as { oauth_error: exception.code, http_status: 400 }.
  def details(_exception) = {}

  # Forget everything and build your client from the keys that are there; send nothing yet.
  def configure(config)
    @config = config
  end

  # Fill in: return token({ access_token:, token_type:, expires_in:, refresh_token:, scope: }) of what your client hands its
  # application.
  def get_token
    raise "fill in get_token: ask #{@config['token_url']} for a token by means of your client"
  end

  # Fill in, each with a capability of its own, or leave out:
  # def refresh                                what token makes of it                                "refresh"
  # def request(method, url, headers, body)    { status:, headers: [[name, value], ...], body: }     "resource"
  # def describe                               [client.to_s, client.inspect]                         "describe"
end

AdapterLoop.serve(MyAdapter.new)
