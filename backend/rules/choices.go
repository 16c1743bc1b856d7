package rules

import "fmt"

// This file holds what docs/SQS.md marks [inf] or says nothing of, and that
// this package has to decide all the same. Where AWS is seen to do otherwise,
// it is changed here.

// Texts that are not recorded. Each follows the nearest one that is.
const (
	// 1.13: as for a deduplication id in a batch on a standard queue.
	attemptOnStandard = "The request include parameter that is not valid for this queue type"

	// 3.4: which names are refused is recorded, not how; other emulators say this.
	badAttributeName = "The message attribute name '%s' is invalid. Attribute name can contain A-Z, a-z, 0-9, " +
		"underscore (_), hyphen (-), and period (.) characters."

	// 3.4: the code is recorded as InvalidParameterValue, the text is that of a
	// body with the attribute named instead.
	badAttributeCharacter = "Invalid binary character '%s' was found in the message (user) attribute '%s', " +
		"the set of allowed characters is %s."

	// 3.4: one value belongs to one type; to take either would be a guess.
	twoValues = "Message (user) attribute '%s' must have a single value."

	// 3.4: the only system attribute is a String; the texts are those of user
	// attributes.
	systemType = "The type of message (system) attribute '%s' is invalid. You must use only the following " +
		"supported type prefixes: String."
	systemValue        = "Message (system) attribute '%s' must contain a non-empty value of type 'String'."
	badSystemCharacter = "Invalid binary character '%s' was found in the message (system) attribute '%s', " +
		"the set of allowed characters is %s."

	// 1.8: the limits are documented, only the text for keys is known.
	longTagValue    = "Tag values must be between 0 and 256 characters in length."
	reservedTagKey  = "Tag keys beginning with 'aws:' are reserved for internal use."
	badTagCharacter = "Tag keys and values can only include letters, digits, spaces and the characters _ . : / = + - @"

	// 1.10: the characters are documented, the text is that of queue names.
	badLabel = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"

	// 2.4: undocumented; AWS's console forbids it, and a queue that redrives to
	// itself would shift its own messages for ever.
	ownTarget = "A queue can't be its own dead-letter queue."

	// 2.4: that it is refused is documented, how is not.
	targetDenies = "Access denied by the redrive allow policy of the dead-letter queue."
)

// notUTF8 names a byte that is no part of a character. SQS takes UTF-8 only;
// over JSON it never sees anything else, so nothing is recorded. It is refused
// as any other bad character, by its own value, because a body has to come back
// byte for byte and could not.
func notUTF8(b byte) string { return fmt.Sprintf("#x%X", b) }

// goodLabel: what stands behind the period of a data type is opaque, but it
// travels in XML and JSON as a body does, and a period promises something.
func goodLabel(label string) bool { return label != "" && firstRefused(label) < 0 }

// Choices that are an order or a reading rather than a text:
//
//   - A message is checked for a missing body, then delay, ids, attributes, size,
//     characters: cheap before dear. Of two ids that are missing the group is
//     named, being the one that every FIFO message needs.
//   - On a FIFO queue every fault of a batch entry fails the whole request, as
//     those do that are recorded (1.12).
//   - Attributes, of messages and of queues, and tags are checked in the order of
//     their names, unknown names before values, so that the same request always
//     gets the same answer.
//   - The attributes of a queue are checked one by one before those that must
//     agree with each other (2.3, 2.6), and these against the state that would
//     result, so that a scope cannot be taken from under a throughput limit.
//   - CreateQueue ignores attributes that can only be read, for a queue that is
//     new as for one that exists (1.1); SetQueueAttributes does not know them.
//   - SetQueueAttributes does not know any FIFO name on a standard queue (1.7),
//     where CreateQueue has another text for two of them (1.1).
//   - FifoQueue that is neither true nor false is a bad value where the name ends
//     in .fifo, else an unknown attribute, as for any value there.
//   - True and False are taken in any case for every switch, as recorded for
//     FifoQueue; whole numbers may have leading zeros and come back without.
//   - A key and SqsManagedSseEnabled=false go together (2.3): nothing is on twice.
//   - A dead-letter queue of another region or partition is one that does not exist
//     (2.4); the queues that RedriveAllowPolicy names need not (2.5).
//   - A body of blanks is a body, and blanks around one are its own (3.2); a Number
//     stays as it was sent, else its digest would not be the sender's (3.4).
//   - Names of system attributes that are none are ignored in a receive (5.1).
//   - UntagQueue ignores keys that no tag has; without any key it says that TagKeys
//     is missing, as TagQueue does of Tags (1.8).
//   - In CreateQueue's comparison JSON is compared by meaning, not by layout (1.1).
//   - KmsDataKeyReusePeriodSeconds is kept without a key, and goes back to its
//     default when the key goes, so that the next key starts with 300 (2.2).
//   - A policy needs, of IAM's grammar, what every evaluation needs: statements
//     with effect, principal and action. Resource may be absent. The limits of
//     principals and conditions count over the whole policy; too many actions are
//     OverLimit as in AddPermission (3.3).
//   - A null in a RedrivePolicy is an absent key; a count with a fraction or an
//     exponent is not a count (2.4).
//   - A sourceQueueArns entry has to be the ARN of one queue (2.5).
//   - A name of a message attribute may have 256 bytes, as documented, although
//     the text says shorter (3.4); beyond ASCII it may have letters and digits.
//   - A Number may have a sign and an exponent; more than 38 digits, or a value out
//     of range, is what cannot be cast (3.4).
//   - A move task's ARNs, types and rate are checked before its queues are looked
//     for; the types are read from the names, which cannot lie (7.1).
//   - A page of move tasks is refused as a page of queues is, and 0 is "left out"
//     for both (1.4, 7.4).
//   - AddPermission takes the names of actions in SQS's own spelling, and accounts
//     of twelve digits; what is no account cannot be verified (1.10).
//   - An entry of a visibility batch without a handle is told so in the words for
//     one without a timeout (1.15).
