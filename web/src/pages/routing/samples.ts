/** A request to try the rules on. */
export const sampleRequest =
  '{"name": "Павел Дорохов", "phone": "+7 921 555-01-42", "amount": 1500000, "city": "Тверь", "comment": ""}';

/** A condition as people write it. */
export const sampleCondition = 'record.amount > 1000000 or contains(request.text, "тендер")';
