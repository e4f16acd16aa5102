"""Every message of these tests is compared with the published JSON Schemas."""

from tests import schema_agreement
from tests.schema_agreement import messages_agree_with_the_schemas as messages_agree_with_the_schemas

schema_agreement.install()
