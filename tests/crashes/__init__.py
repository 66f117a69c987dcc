"""The bot as a process, killed at random while it posts: how many papers are lost, how many are shown twice?"""
