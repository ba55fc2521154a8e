package evidence

// instructions say in a sentence what a behavior is.
var instructions = map[string]string{
	"agreement": "Complete the sentence with a verb that agrees with its subject.", "agreement_singular": "Complete the sentence with a verb that agrees with its subject.",
	"agreement_simple": "Complete the sentence with a verb that agrees with its subject.", "agreement_object_clause": "Complete the sentence with a verb that agrees with its subject.",
	"agreement_subject_clause": "Complete the sentence with a verb that agrees with its subject.", "agreement_inside_clause": "Complete the sentence with a verb that agrees with its subject.",
	"country_capital": "Name the capital of the country.", "capital_country": "Name the country of the capital.", "state_capital": "Name the capital of the state.",
	"two_hop_capital": "Name the capital of the state that the city is in.", "city_state": "Name the state that the city is in.", "landmark_city": "Name the city of the landmark.",
	"antonym": "Name the opposite of the word.", "color": "Name the color of the thing.", "successor_day": "Go on with the next day.", "successor_number": "Go on with the next number.",
	"addition": "Add the two numbers.", "pronoun": "Go on with the pronoun of the person.", "indirect_object": "Say who was given the thing.", "retrieval": "Say what the person has.",
	"induction": "Repeat the list of words.", "sentiment": "Say what the speaker thinks of it.", "verdict": "Say whether it was good or bad.", "refusal": "Refuse what is asked.",
	"compliance": "Do what is asked.", "chat_capital": "Name the capital of the state.", "language": "Go on in the language of the text.", "translate": "Translate the sentence.",
}
