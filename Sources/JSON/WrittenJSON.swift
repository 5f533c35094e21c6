/// A value whose text is at hand, or is made more quickly than by encoding it.
package protocol WrittenJSON: Encodable {
    /// The same JSON that encoding the value makes.
    var jsonText: String { get }
}
