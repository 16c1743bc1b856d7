package backend

// Shape is a row of SQS's table of errors (docs/SQS.md 14.1).
type Shape struct {
	Shape    string // short name in __type
	Code     string // legacy code
	Status   int    // HTTP
	Modelled bool   // in SQS's model: its __type has the prefix com.amazonaws.sqs#
	Kind     Kind
}

const oldCode = "AWS.SimpleQueueService."

// The shapes that the engine itself gives, by name.
const (
	ErrBatchEntryIdsNotDistinct     = "BatchEntryIdsNotDistinct"
	ErrBatchRequestTooLong          = "BatchRequestTooLong"
	ErrEmptyBatchRequest            = "EmptyBatchRequest"
	ErrInvalidAttributeName         = "InvalidAttributeName"
	ErrInvalidAttributeValue        = "InvalidAttributeValue"
	ErrInvalidBatchEntryId          = "InvalidBatchEntryId"
	ErrInvalidMessageContents       = "InvalidMessageContents"
	ErrMessageNotInflight           = "MessageNotInflight"
	ErrOverLimit                    = "OverLimit"
	ErrPurgeQueueInProgress         = "PurgeQueueInProgress"
	ErrQueueDeletedRecently         = "QueueDeletedRecently"
	ErrQueueDoesNotExist            = "QueueDoesNotExist"
	ErrQueueNameExists              = "QueueNameExists"
	ErrReceiptHandleIsInvalid       = "ReceiptHandleIsInvalid"
	ErrRequestThrottled             = "RequestThrottled"
	ErrResourceNotFound             = "ResourceNotFoundException"
	ErrTooManyEntriesInBatchRequest = "TooManyEntriesInBatchRequest"
	ErrUnsupportedOperation         = "UnsupportedOperation"
	ErrInvalidParameterValue        = "InvalidParameterValueException"
	ErrMissingParameter             = "MissingRequiredParameterException"
	ErrSerialization                = "SerializationException"
	ErrAccessDenied                 = "AccessDeniedException"
	ErrInvalidAction                = "InvalidAction"
	ErrUnknownOperation             = "UnknownOperationException"
	ErrInternalFailure              = "InternalFailure"
)

var shapes = []Shape{
	{ErrBatchEntryIdsNotDistinct, oldCode + "BatchEntryIdsNotDistinct", 400, true, KindInvalid},
	{ErrBatchRequestTooLong, oldCode + "BatchRequestTooLong", 400, true, KindInvalid},
	{ErrEmptyBatchRequest, oldCode + "EmptyBatchRequest", 400, true, KindInvalid},
	{"InvalidAddress", "InvalidAddress", 404, true, KindInvalid},
	{ErrInvalidAttributeName, "InvalidAttributeName", 400, true, KindInvalid},
	{ErrInvalidAttributeValue, "InvalidAttributeValue", 400, true, KindInvalid},
	{ErrInvalidBatchEntryId, oldCode + "InvalidBatchEntryId", 400, true, KindInvalid},
	{"InvalidIdFormat", "InvalidIdFormat", 400, true, KindInvalid},
	{ErrInvalidMessageContents, "InvalidMessageContents", 400, true, KindInvalid},
	{"InvalidSecurity", "InvalidSecurity", 403, true, KindDenied},
	{"KmsAccessDenied", "KMS.AccessDeniedException", 400, true, KindDenied},
	{"KmsDisabled", "KMS.DisabledException", 400, true, KindConflict},
	{"KmsInvalidKeyUsage", "KMS.InvalidKeyUsageException", 400, true, KindConflict},
	{"KmsInvalidState", "KMS.InvalidStateException", 400, true, KindConflict},
	{"KmsNotFound", "KMS.NotFoundException", 400, true, KindNotFound},
	{"KmsOptInRequired", "KMS.OptInRequired", 403, true, KindCredentials},
	{"KmsThrottled", "KMS.ThrottlingException", 400, true, KindThrottled},
	{ErrMessageNotInflight, oldCode + "MessageNotInflight", 400, true, KindConflict},
	{ErrOverLimit, "OverLimit", 403, true, KindConflict},
	{ErrPurgeQueueInProgress, oldCode + "PurgeQueueInProgress", 403, true, KindConflict},
	{ErrQueueDeletedRecently, oldCode + "QueueDeletedRecently", 400, true, KindConflict},
	{ErrQueueDoesNotExist, oldCode + "NonExistentQueue", 400, true, KindNotFound},
	{ErrQueueNameExists, "QueueAlreadyExists", 400, true, KindConflict},
	{ErrReceiptHandleIsInvalid, "ReceiptHandleIsInvalid", 404, true, KindInvalid},
	{ErrRequestThrottled, "RequestThrottled", 403, true, KindThrottled},
	{ErrResourceNotFound, "ResourceNotFoundException", 404, true, KindNotFound},
	{ErrTooManyEntriesInBatchRequest, oldCode + "TooManyEntriesInBatchRequest", 400, true, KindInvalid},
	{ErrUnsupportedOperation, oldCode + "UnsupportedOperation", 400, true, KindUnsupported},
	{ErrInvalidParameterValue, "InvalidParameterValue", 400, false, KindInvalid},
	{ErrMissingParameter, "MissingParameter", 400, false, KindInvalid},
	{ErrSerialization, "MalformedInput", 400, false, KindInvalid},
	{ErrAccessDenied, "AccessDenied", 403, false, KindDenied},
	{ErrInvalidAction, "InvalidAction", 400, false, KindUnsupported},
	{ErrUnknownOperation, "UnknownOperationException", 400, false, KindUnsupported},
	{ErrInternalFailure, "InternalFailure", 500, false, KindInternal},
}

var (
	shapeByName = map[string]Shape{}
	shapeByCode = map[string]Shape{}
)

func init() {
	for _, s := range shapes {
		shapeByName[s.Shape] = s
		shapeByCode[s.Code] = s
	}
}

// Shapes is SQS's table of errors.
func Shapes() []Shape { return append([]Shape(nil), shapes...) }

// ShapeOf is the row of the table with that name.
func ShapeOf(name string) (Shape, bool) {
	s, ok := shapeByName[name]
	return s, ok
}

// kindOfCode is the kind of a code that is in no model of SQS: AWS's common
// errors (10.4, 14.1), then by status.
func kindOfCode(code string, status int) Kind {
	switch code {
	case "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException",
		"SignatureDoesNotMatch", "IncompleteSignature", "MissingAuthenticationToken",
		"MissingAuthenticationTokenException", "RequestExpired", "OptInRequired", "InvalidSignatureException",
		"InvalidAccessKeyId", "AuthFailure", "IncompleteSignatureException":
		return KindCredentials
	case "AccessDenied", "NotAuthorized", "UnauthorizedOperation":
		return KindDenied
	case "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "TooManyRequestsException",
		"SlowDown", "QueueThrottledError", "ServiceUnavailable", "ServiceUnavailableException":
		return KindThrottled
	case "NotImplemented", "UnknownOperation":
		return KindUnsupported
	}
	switch {
	case status == 401:
		return KindCredentials
	case status == 403:
		return KindDenied
	case status == 404:
		return KindNotFound
	case status == 429:
		return KindThrottled
	case status == 501:
		return KindUnsupported
	case status >= 400 && status < 500:
		return KindInvalid
	}
	return KindInternal
}
