"""The pytest plugin: examples are collected as tests, and tell what differs."""

import pytest

pytest_plugins = ["pytester"]

RULES = """\
Si commande > 500 € alors remise 10 %
Exemple « dessus » : étant donné une commande de 501 € alors la remise est de 10 %
Exemples « autour » :
  | commande || remise |
  | 500 €    || aucune |
  | 502 €    || 5 %    |
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\n")
    return pytester


def test_each_example_is_a_test(run: pytest.Pytester) -> None:
    run.makefile(".regles", remises=RULES)
    done = run.runpytest("-v")
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(["*remises.regles::dessus PASSED*", "*autour, ligne n° 2 FAILED*"])
    done.stdout.fnmatch_lines(["*remise : attendu 5 %, obtenu 10 %*", "*Si commande > 500 € alors remise 10 %*"])


def test_a_file_may_be_given(run: pytest.Pytester) -> None:
    rules = 'If order > €500 then discount 10%\nExample "a": given an order of €80 then no discount\n'
    run.makefile(".rules", discounts=rules)
    run.runpytest("discounts.rules").assert_outcomes(passed=1)


def test_files_without_examples_are_left_alone(run: pytest.Pytester) -> None:
    run.makefile(".regles", plain="Si commande > 500 € alors remise 10 %\n", wrong="Si commande > alors\n")
    run.runpytest().assert_outcomes()


def test_rules_with_errors_are_reported(run: pytest.Pytester) -> None:
    run.makefile(".regles", wrong="Si commande > alors\nExemple « a » : alors aucune remise\n")
    done = run.runpytest()
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*-- ERREUR E122 -*"])
    assert "Traceback" not in done.stdout.str()


def test_the_examples_of_a_used_file_are_tested_once(run: pytest.Pytester) -> None:
    run.makefile(".regles", remises=RULES.split("Exemples")[0])
    run.makefile(
        ".regles", cas="Utiliser remises\nExemple « dessous » : étant donné une commande de 80 € alors aucune remise\n"
    )
    run.runpytest().assert_outcomes(passed=2)
