"""What a round leaves for people and programs to read: page, paper, Allure, metrics, and the summary behind them."""
