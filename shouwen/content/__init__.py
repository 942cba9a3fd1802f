"""What the bot can say: answers and bank facts, published in versions, rendered strictly."""
