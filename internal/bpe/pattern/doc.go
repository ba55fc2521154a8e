// Package pattern matches the regular expressions of tokenizer.json.
//
// Pre-tokenizers are written for Oniguruma in its Ruby syntax and need what Go's regexp leaves out: lookahead, possessive
// quantifiers, and the leftmost match whose alternatives come first (not the longest). Known are
//
//   - literals, . (no newline), classes with ranges, negation and one level of [:name:], escapes \n \t \r \f \v \a \e \xHH
//     \x{H…} \uHHHH, \s \S \d \D \w \W \h \H over all of Unicode, \p{…} \P{…} \p{^…} of general categories, scripts and
//     the POSIX names;
//   - groups (…), (?:…), (?i:…), (?i), (?-i:…), atomic (?>…), lookahead (?=…) and (?!…), lookbehind (?<=…) and (?<!…) of
//     one character;
//   - quantifiers ? * + {m,n} {m} {m,} {,n}, with ? lazy, and ?+ *+ ++ possessive;
//   - ^ $ (of lines) \A \z \Z \b \B.
//
// What is not known (back references, recursion, set intersection, quantifiers over what may be empty) is refused by name
// when compiling. In (?i: ) characters fold one to one, as in Unicode's simple case folding: ſ is s.
//
// # Bounds
//
// Matching is backtracking, which is fast on these expressions, until a text takes many more steps than it has bytes. From
// then on it remembers which states have failed (Norvig 1991, memoized parsing; cf. RE2's BitState), so a whole text takes
// time and memory of at most its bytes times the size of the program. The stack is on the heap.
package pattern
