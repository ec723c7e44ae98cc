/// Makes text from outside safe to put into an error message.
///
/// The guest may own the emulator and messages end up in terminals, so control characters are escaped
/// and the length is limited.
func quoted(_ text: String) -> String {
    let limit = 400
    let head = text.prefix(limit)
    return head.endIndex == text.endIndex
        ? String(head).debugDescription : String(head).debugDescription + " and more"
}
