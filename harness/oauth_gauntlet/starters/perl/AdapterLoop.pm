# The adapter protocol for Perl clients: requests on stdin, answers on stdout. It needs only core modules.
#
# Write a class with the methods that your client can do, and end your program with AdapterLoop::serve(YourAdapter->new):
#
#   hello()                                  the members client, grants, token_endpoint_auth_methods, parameters, capabilities
#   configure($config)                       discard all state and create a new client; send nothing
#   get_token()                              the client's token, converted by AdapterLoop::token
#   refresh()                                the same; this and the following have a capability each
#   request($method, $url, $headers, $body)  {status => ..., headers => [[name, value], ...], body => ...}
#   advance_clock($seconds)
#   describe()                               a reference to the client's own string forms
#   kind($error), details($error)            the kind of an error that the client dies with, and further members of the
#                                            error; without them every error is "unexpected"
#
# The harness may ask for further clients in this process (capability instances): for each the loop calls new of your class
# without arguments. The loop declares it, and time_zone.
#
# Do not catch the errors that your client dies with. There is neither get_tokens nor requests: Perl clients do not serve
# concurrent callers.
package AdapterLoop;

use strict;
use warnings;

use B ();
use IO::Handle ();
use JSON::PP ();
use Scalar::Util qw(blessed looks_like_number);
use Time::HiRes ();
use Time::Local ();

my $json = JSON::PP->new->utf8->allow_nonref->max_depth(1 << 30);

# Each member: what the protocol wants, and a function that returns a fitting value, or undef.
my %members = (
    (map { $_ => ['a text', \&_text] } qw(token_type refresh_token scope)),
    (map { $_ => ['a finite number', \&_number] } qw(expires_in expires_at)),
);

my %detail_fits = (
    (map { $_ => \&_is_text } qw(oauth_error oauth_error_description oauth_error_uri)),
    http_status => sub { return _is_number($_[0]) && $_[0] == int $_[0] },
    retry_after => \&_is_number,
);

# Dies with an error of kind $kind, for what is reported without an error of the client.
sub fail {
    my ($kind, $message) = @_;
    die bless {kind => $kind, message => _message($message)}, 'AdapterLoop::Failure';
}

# Returns the protocol's token for the members that the client returns to its application. A number may be a text, as for
# every Perl program. A member of a type other than the protocol's becomes undef, with a note on stderr, and goes into extra,
# unchanged.
sub token {
    my (%given) = @_;
    my %token = (access_token => delete $given{access_token}, map({ $_ => undef } keys %members), extra => {});
    for my $name (grep { defined $given{$_} } keys %given) {
        my ($wanted, $fitting) = @{$members{$name} || []};
        my $value = $fitting && $fitting->($given{$name});
        if (defined $value) {
            $token{$name} = $value;
            next;
        }
        $token{extra}{$name} = $given{$name};
        # The type only: the value may be a token.
        my $type = ref $given{$name} || (_is_number($given{$name}) ? 'number' : 'text');
        print STDERR "AdapterLoop: $name is a value of type $type, not $wanted, and is reported as null\n" if $wanted;
    }
    return \%token;
}

# The exit code that says that the adapter itself broke, and not the client.
my $adapter_broke = 70;

# Answers requests until close or the end of stdin.
sub serve {
    my ($adapter) = @_;
    eval { _answer_all($adapter); 1 } or do {
        print STDERR "AdapterLoop: $@";
        exit $adapter_broke;
    };
    return;
}

sub _answer_all {
    my ($adapter) = @_;
    # stdout is for answers only: what the client prints goes to stderr.
    open my $answers, '>&', \*STDOUT or die "stdout cannot be kept: $!";
    open STDOUT, '>&', \*STDERR or die "stdout cannot be moved: $!";
    $answers->autoflush(1);
    my %clients = (a => {adapter => $adapter, configured => 0});
    while (defined(my $line = <STDIN>)) {
        my $asked = JSON::PP->new->utf8->decode($line);
        my $args = $asked->{args} || {};
        my $state = $clients{$args->{instance} // 'a'} //= {adapter => ref($adapter)->new, configured => 0};
        my $answer = eval { {ok => _perform($state, $asked->{op}, $args)} } || {error => _error($adapter, $@)};
        print {$answers} $json->encode(_plain({id => $asked->{id}, %$answer})), "\n";
        return if $asked->{op} eq 'close';
    }
}

my %always = (
    hello => sub {
        my $hello = $_[0]{adapter}->hello;
        return {protocol => 1, catches => JSON::PP::true, %$hello, capabilities => [@{$hello->{capabilities} || []}, qw(instances time_zone)]};
    },
    close => sub { return {} },
    configure => sub {
        my ($state, $args) = @_;
        $state->{configured} = 0;
        $state->{adapter}->configure($args->{config});
        $state->{configured} = 1;
        return {};
    },
    now => sub {
        # The short sleep shows that sleeping works while the clock is moved from outside.
        Time::HiRes::sleep(0.001);
        my $now = Time::HiRes::time();
        return {now => $now, utc_offset => Time::Local::timegm_nocheck(localtime $now) - int $now};
    },
);

my %when_configured = (
    get_token => sub { return {token => $_[0]->get_token} },
    refresh => sub { return {token => $_[0]->refresh} },
    request => sub { return $_[0]->request(@{$_[1]}{qw(method url headers body)}) },
    advance_clock => sub { $_[0]->advance_clock($_[1]{seconds}); return {} },
    describe => sub { return {texts => $_[0]->describe} },
);

sub _perform {
    my ($state, $operation, $args) = @_;
    return $always{$operation}->($state, $args) if $always{$operation};
    fail(unexpected => "unknown operation $operation") unless $when_configured{$operation} && $state->{adapter}->can($operation);
    fail(config => 'there is no client: configure has not succeeded') unless $state->{configured};
    return $when_configured{$operation}->($state->{adapter}, $args);
}

sub _error {
    my ($adapter, $error) = @_;
    my %members = map { $_ => undef } qw(oauth_error oauth_error_description oauth_error_uri http_status retry_after);
    return {%members, %$error, type => ''} if blessed $error && $error->isa('AdapterLoop::Failure');
    my %details = $adapter->can('details') ? $adapter->details($error) : ();
    return {
        %members,
        (map { $_ => _fitting($_, $details{$_}) } keys %details),
        kind => $adapter->can('kind') ? $adapter->kind($error) : 'unexpected',
        message => _message($error),
        type => blessed $error // '',
    };
}

# Returns a text for what a client dies with: a text, an object, or a structure that a server has sent.
sub _message {
    my ($error) = @_;
    my $text = eval { ref $error && !blessed $error ? JSON::PP->new->canonical->allow_nonref->encode(_plain($error)) : "$error" };
    return $text // 'the message of the error cannot be read';
}

# Returns a detail, or undef if it has another type than the protocol's; stderr names it then.
sub _fitting {
    my ($name, $value) = @_;
    return $value if !defined $value || !exists $detail_fits{$name} || $detail_fits{$name}->($value);
    print STDERR "AdapterLoop: $name is no ", ($name =~ /^oauth_/ ? 'text' : 'number'), ", and is reported as null\n";
    return undef;
}

sub _is_text { return defined $_[0] && !ref $_[0] && !_is_number($_[0]) }

sub _text { return _is_text($_[0]) ? $_[0] : undef }

# Perl turns a number that was used as a text into both, and a text into a number where a number is needed.
sub _number {
    my ($value) = @_;
    return undef if ref $value || !looks_like_number($value) || $value - $value != 0;
    return 0 + $value;
}

# Returns whether a scalar was created as a number, as those of JSON are; infinity is not a number.
sub _is_number {
    my ($value) = @_;
    return 0 if !defined $value || ref $value;
    my $flags = B::svref_2object(\$value)->FLAGS;
    return ($flags & (B::SVp_IOK | B::SVp_NOK)) && !($flags & B::SVp_POK) && $value - $value == 0;
}

# JSON has no Perl objects and no infinite numbers, and UTF-8 has no halves of surrogate pairs.
sub _plain {
    my ($value) = @_;
    no warnings qw(recursion surrogate);
    return JSON::PP::is_bool($value) ? ($value ? JSON::PP::true : JSON::PP::false) : "$value" if blessed $value;
    return {map { _plain($_) => _plain($value->{$_}) } keys %$value} if ref $value eq 'HASH';
    return [map { _plain($_) } @$value] if ref $value eq 'ARRAY';
    return $value if !defined $value || _is_number($value);
    return "$value" =~ s/[\x{D800}-\x{DFFF}]/\x{FFFD}/gr;
}

1;
